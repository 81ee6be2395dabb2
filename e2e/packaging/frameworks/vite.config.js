import { svelte } from '@sveltejs/vite-plugin-svelte'
import solid from 'vite-plugin-solid'

export default {
  plugins: [solid({ ssr: true }), svelte({ configFile: false })],
  // Vue warns where these are left open.
  define: {
    __VUE_OPTIONS_API__: false,
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: true,
  },
}
