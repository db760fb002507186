// `npm test`: everything that must hold before a change goes in. Stops at the first step that fails.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrap, npm, npmQuietly, root } from './bootstrap.mjs';
import { provideChromium } from './chromium.mjs';

bootstrap();
provideChromium();
for (const step of ['format:check', 'typecheck', 'lint']) {
  const started = performance.now();
  const { status, output } = npmQuietly(['run', '--silent', step]);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${step.padEnd(14)}${status === 0 ? 'ok' : 'FAILED'}  ${seconds} s`);
  if (status !== 0) {
    console.log(output.trimEnd());
    process.exit(1);
  }
}

const report = join(root, 'dist/.test/report.json');
mkdirSync(join(root, 'dist/.test'), { recursive: true });
rmSync(report, { force: true });
const status = npm([
  'run',
  '--silent',
  'unit',
  '--',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
]);
const { passed, failed } = readReport();
console.log(`${passed} passed, ${failed} failed`);
process.exit(status === 0 && failed > 0 ? 1 : status);

/** Counts tests; a test file that could not even be loaded counts as one failure. */
function readReport() {
  /** @type {{ numPassedTests: number, numFailedTests: number, testResults: { status: string, assertionResults: { status: string }[] }[] }} */
  let result;
  try {
    result = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return { passed: 0, failed: 1 };
  }
  const unloaded = result.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
  );
  return { passed: result.numPassedTests, failed: result.numFailedTests + unloaded.length };
}
