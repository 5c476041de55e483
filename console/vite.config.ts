import react from "@vitejs/plugin-react";
import { type Plugin, defineConfig } from "vite";

// `npm run dev` serves the sources with a Turntable of one's own behind them, named by TURNTABLE_ENDPOINT. The Host header
// goes on unchanged, for requests are signed with it.
const proxy = { target: process.env.TURNTABLE_ENDPOINT ?? "http://127.0.0.1:8000", changeOrigin: false };

const embeddedFont = /font-family:\s*"?([\w ]+)"?;\s*font-weight:\s*(\d+);\s*font-style:\s*(\w+);\s*src:\s*url\("?data:font\/woff2;base64,([\w+/=]+)"?\)/g;

/** Cloudscape has its fonts inside of its style sheet. As files of their own a browser fetches those that it needs, and the
 * pages' policy need not allow fonts that come from anywhere but the server. */
const fontsAsFiles: Plugin = {
  name: "fonts-as-files",
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type !== "asset" || !file.fileName.endsWith(".css")) continue;
      file.source = file.source.toString().replace(embeddedFont, (_all, family: string, weight: string, style: string, bytes: string) => {
        const name = `${family.toLowerCase().replaceAll(" ", "-")}-${weight}-${style}.woff2`;
        const place = this.getFileName(this.emitFile({ type: "asset", name, source: Buffer.from(bytes, "base64") }));
        return `font-family:${family};font-weight:${weight};font-style:${style};font-display:swap;src:url(/console/${place})`;
      });
    }
  },
};

export default defineConfig({
  base: "/console/",
  plugins: [react(), fontsAsFiles],
  build: {
    outDir: "../build/console/dist",
    emptyOutDir: true,
    assetsInlineLimit: 0, // pictures too are files of their own
    chunkSizeWarningLimit: 1500,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "^/(?!console/)": proxy } },
});
