import { createThemeCss } from './theme.ts'

/** One sheet for all inspectors of a page would be shared state: each element makes its own. */
export function createStyleSheet(): CSSStyleSheet {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(createThemeCss() + LAYOUT + CONTROLS + WHO + TABLES + RESULTS)
  return sheet
}

const LAYOUT = `
:host {
  display: block;
  box-sizing: border-box;
  container-type: inline-size;
  padding: 16px;
  background: var(--_background);
  color: var(--_text);
  font: 14px/1.45 var(--_font);
}
*, ::before, ::after { box-sizing: border-box; }
[hidden] { display: none !important; }
p, dl, dd, ul, h2 { margin: 0; padding: 0; }
ul { list-style: none; }
code, .sql, td.number, td.blob { font-family: var(--_mono); font-size: 0.93em; }
.quiet { color: var(--_quiet); }
.scroll { overflow: auto; overscroll-behavior-x: contain; }
.spring { flex: 1; }
.work { display: grid; grid-template-columns: 264px minmax(0, 1fr); gap: 16px; margin-top: 16px; align-items: start; }
.main { display: grid; gap: 16px; min-width: 0; }
aside { display: grid; gap: 12px; min-width: 0; }
.who, .tables, .editor, .output {
  min-width: 0;
  padding: 12px 16px;
  background: var(--_surface);
  border: 1px solid var(--_border);
  border-radius: var(--_radius);
}
.toolbar { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 12px; }
table { border-collapse: collapse; font-size: 13px; }
th, td { padding: 4px 12px 4px 0; text-align: start; vertical-align: baseline; white-space: nowrap; }
thead th { color: var(--_quiet); font-weight: 600; }
@container (max-width: 720px) {
  .work { grid-template-columns: minmax(0, 1fr); }
  .tables ul { max-height: 180px; overflow: auto; }
  .facts dd.long:not(.id) { white-space: normal; overflow-wrap: anywhere; }
  .members .badge.self { display: block; width: fit-content; margin-inline-start: 0; }
  .editor kbd { display: none; }
}
`

const CONTROLS = `
button, select, .sql { font: inherit; color: inherit; }
button, select {
  min-height: 32px;
  padding: 4px 12px;
  background: var(--_surface);
  border: 1px solid var(--_border);
  border-radius: calc(var(--_radius) - 2px);
  cursor: pointer;
}
button:hover:enabled, select:hover:enabled { border-color: var(--_quiet); }
button:disabled, select:disabled { opacity: 0.5; cursor: default; }
button.primary { background: var(--_accent); border-color: var(--_accent); color: var(--_on-accent); font-weight: 600; }
:focus-visible { outline: 2px solid var(--_accent); outline-offset: 2px; }
select { max-width: 140px; }
summary { cursor: pointer; padding: 4px 0; font-weight: 600; }
details + details > summary { color: var(--_quiet); font-weight: 400; }
kbd { color: var(--_quiet); font: inherit; font-size: 12px; }
.sql {
  display: block;
  width: 100%;
  min-height: 92px;
  margin-bottom: 10px;
  padding: 10px 12px;
  background: var(--_background);
  border: 1px solid var(--_border);
  border-radius: calc(var(--_radius) - 2px);
  resize: vertical;
  tab-size: 2;
  font-family: var(--_mono);
}
.toggle { display: inline-flex; align-items: center; gap: 6px; cursor: pointer; }
.toggle input {
  appearance: none;
  position: relative;
  width: 32px;
  height: 18px;
  margin: 0;
  background: var(--_border);
  border-radius: 9px;
  cursor: pointer;
  transition: background 0.12s;
}
.toggle input::before {
  content: '';
  position: absolute;
  inset: 2px auto 2px 2px;
  width: 14px;
  background: var(--_surface);
  border-radius: 50%;
  transition: translate 0.12s;
}
.toggle input:checked { background: var(--_accent); }
.toggle input:checked::before { translate: 14px; }
.editor.writing { border-color: var(--_danger); box-shadow: 0 0 0 1px var(--_danger); }
.editor.writing [data-testid='write-mode']:checked { background: var(--_danger); }
.editor.busy .primary { opacity: 0.6; }
.warning { margin-top: 8px; color: var(--_danger); }
.toast { position: sticky; bottom: 8px; width: fit-content; margin: 8px auto 0; }
.toast:not(:empty) { padding: 6px 14px; background: var(--_text); border-radius: 99px; color: var(--_background); }
`

const WHO = `
.facts { display: flex; flex-wrap: wrap; gap: 8px 28px; margin-bottom: 8px; }
.facts > div { min-width: 0; }
dt { color: var(--_quiet); font-size: 12px; }
.facts dd { font-weight: 600; font-variant-numeric: tabular-nums; }
.facts dd.long { max-width: min(44ch, 100%); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.facts dd.id { max-width: 16ch; }
.notice { margin-bottom: 10px; padding: 8px 12px; border-radius: calc(var(--_radius) - 2px); background: var(--_danger); color: var(--_surface); }
.failure { margin-bottom: 8px; }
.badge {
  display: inline-block;
  padding: 0 8px;
  border: 1px solid var(--_border);
  border-radius: 99px;
  color: var(--_quiet);
  font-size: 12px;
  font-weight: 600;
  line-height: 18px;
}
.badge.primary { background: var(--_accent); border-color: var(--_accent); color: var(--_on-accent); }
.badge.self { margin-inline-start: 8px; }
.members { width: 100%; }
.members tbody tr { border-top: 1px solid var(--_border); }
.members th { font-weight: 400; }
.members code { display: inline-block; max-width: 12ch; overflow: hidden; text-overflow: ellipsis; vertical-align: bottom; }
.members .page { max-width: 340px; overflow: hidden; text-overflow: ellipsis; }
.more-facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 2px 16px; }
.more-facts dd { font-family: var(--_mono); font-size: 13px; overflow-wrap: anywhere; }
`

const TABLES = `
.tables { padding: 12px 8px; }
.tables h2 { padding: 0 8px 4px; color: var(--_quiet); font-size: 12px; font-weight: 600; }
.tables p { padding: 0 8px; }
.tables button {
  display: flex;
  align-items: center;
  gap: 8px;
  width: 100%;
  padding: 4px 8px;
  background: none;
  border-color: transparent;
  text-align: start;
}
.tables button:hover { background: var(--_background); }
.tables button:focus-visible { outline-offset: -2px; }
.tables .name { flex: 1; min-width: 0; overflow-wrap: anywhere; line-height: 1.3; }
.tables .count { color: var(--_quiet); font-variant-numeric: tabular-nums; }
`

const RESULTS = `
.result-count { font-weight: 600; }
.result-count:empty { margin-inline-end: -12px; }
.output .note { margin-top: 8px; }
.scroll.results { max-height: 62vh; margin-top: 10px; }
table.results { min-width: 100%; }
table.results th {
  position: sticky;
  top: 0;
  background: var(--_surface);
  box-shadow: inset 0 -1px var(--_border);
  font-family: var(--_mono);
  font-weight: 600;
}
table.results tbody tr { border-top: 1px solid var(--_border); }
table.results tbody tr:hover { background: var(--_background); }
table.results :is(th, td) { padding: 5px 16px 5px 8px; }
table.results td { max-width: 420px; overflow: hidden; text-overflow: ellipsis; }
table.results td.number { font-variant-numeric: tabular-nums; }
table.results td.null { color: var(--_quiet); font-style: italic; font-size: 12px; }
table.results td.blob { color: var(--_quiet); }
table.results .start {
  display: inline-block;
  max-width: 300px;
  overflow: hidden;
  text-overflow: ellipsis;
  vertical-align: bottom;
}
table.results td.cut { max-width: none; }
table.results td.open .start { display: block; margin-bottom: 4px; overflow: visible; white-space: pre-wrap; overflow-wrap: anywhere; }
table.results button.more { min-height: 0; padding: 0 6px; border-radius: 99px; color: var(--_quiet); font-family: var(--_font); font-size: 11px; }
.error { margin-top: 10px; padding: 10px 14px; border-inline-start: 3px solid var(--_danger); background: var(--_background); overflow-wrap: anywhere; }
.error .code { color: var(--_danger); font-weight: 600; }
.flash { animation: flash 1.6s ease-out; }
@keyframes flash { from { background: var(--_flash); } }
`
