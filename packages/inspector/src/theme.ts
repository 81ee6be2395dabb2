/** Each is `--tutti-<name>` for the app that themes, `--_<name>` within. */
const LIGHT = {
  background: '#faf8f5',
  surface: '#ffffff',
  text: '#241f1a',
  quiet: '#6d655c',
  border: '#e3ddd4',
  accent: '#8a4b12',
  'on-accent': '#ffffff',
  danger: '#a8201a',
  flash: '#ffe08a',
}

const DARK = {
  background: '#191613',
  surface: '#221e1a',
  text: '#efe9e1',
  quiet: '#a99f93',
  border: '#3a342d',
  accent: '#e0a15e',
  'on-accent': '#221608',
  danger: '#ff8a7a',
  flash: '#6b5416',
} satisfies typeof LIGHT

const SHARED = {
  font: 'system-ui, sans-serif',
  mono: "ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace",
  radius: '8px',
}

/** An app's `--tutti-…` wins, wherever above the element it is set; else the person's light or dark. */
export function createThemeCss(): string {
  return `
:host { color-scheme: light dark; ${declare({ ...LIGHT, ...SHARED })} }
@media (prefers-color-scheme: dark) { :host { ${declare(DARK)} } }
`
}

function declare(theme: Readonly<Record<string, string>>): string {
  return Object.entries(theme)
    .map(([name, value]) => `--_${name}: var(--tutti-${name}, ${value});`)
    .join(' ')
}
