export default {
  functions: {
    slug: {
      args: 1,
      deterministic: true,
      call: (title) => String(title).toLowerCase().replaceAll(' ', '-'),
    },
  },
  collations: {
    folk: (a, b) => {
      const [x, y] = [a, b].map((title) => title.replace(/^The /, ''))
      return x < y ? -1 : x > y ? 1 : 0
    },
  },
}
