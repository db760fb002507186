// `import text from 'bundled:./x.ts'` is the file with all it imports, as the text of one script: code that runs somewhere
// else than the bundle it is part of (a plugin's thread, a plugin's sandbox).
import { dirname, resolve } from 'node:path';
import { build } from 'esbuild';

const MARK = 'bundled:';

/**
 * @param {string} entry
 * @returns {Promise<{ text: string, inputs: string[] }>}
 */
async function bundle(entry) {
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    // The text runs without a file of its own.
    define: { 'import.meta.url': '"file:///bundled.js"' },
    platform: 'node',
    target: 'es2022',
    format: 'cjs',
    legalComments: 'none',
    logLevel: 'warning',
  });
  return { text: outputFiles[0].text, inputs: Object.keys(metafile.inputs).map((path) => resolve(path)) };
}

/** @type {import('esbuild').Plugin} */
export const bundledText = {
  name: 'bundled-text',
  setup(step) {
    step.onResolve({ filter: /^bundled:/ }, ({ path, resolveDir }) => ({
      path: resolve(resolveDir, path.slice(MARK.length)),
      namespace: 'bundled-text',
    }));
    step.onLoad({ filter: /.*/, namespace: 'bundled-text' }, async ({ path }) => {
      const { text, inputs } = await bundle(path);
      return { contents: text, loader: 'text', watchFiles: inputs };
    });
  },
};

/** The same for Vite, under which the tests run. */
export const bundledTextForVite = {
  name: 'bundled-text',
  enforce: /** @type {const} */ ('pre'),
  /**
   * @param {string} source
   * @param {string | undefined} importer
   */
  resolveId(source, importer) {
    if (!source.startsWith(MARK) || importer === undefined) return null;
    return `\0bundled:${resolve(dirname(importer), source.slice(MARK.length))}`;
  },
  /** @param {string} id */
  async load(id) {
    if (!id.startsWith('\0bundled:')) return null;
    const { text } = await bundle(id.slice('\0bundled:'.length));
    return `export default ${JSON.stringify(text)};`;
  },
};
