/** The built window with the sample: it is shown, and nothing it does is refused by the content security policy. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { browserPath, type RunningApp, startApp } from './start-app.ts';

const SAMPLE = fileURLToPath(new URL('../../resources/samples/two-party-call.pcap', import.meta.url));

let app: RunningApp | undefined;
beforeAll(async () => {
  if (browserPath !== null) app = await startApp({ capture: SAMPLE });
});
afterAll(() => app?.close());

// Without a browser there is no window to look at.
it.skipIf(browserPath === null)('opens the capture named on the command line, without a complaint', async () => {
  await app?.page.getByText('two-party-call.pcap').first().waitFor({ timeout: 20_000 });
  expect(app?.faults).toEqual([]);
});
