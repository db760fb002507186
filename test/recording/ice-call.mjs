// Two Chromiums call each other: this script starts each in its own namespace, hands descriptions and candidates over, and writes
// down what both say of it (getStats, and when each state changed).
//
//   node ice-call.mjs plan.json out.json
//
// The plan:
//   ends: { caller: [command...], callee: [command...] }     enters the namespace
//   sip: { caller: address, callee: address }                the descriptions go over by SIP; otherwise by no way that a capture sees
//   trickle: false                                           descriptions have all candidates
//   configuration: { caller, callee }                        of the RTCPeerConnections
//   replace: [[end, pattern, text]...]                       in the descriptions of that end, on their way
//   bothOffer: true                                          each takes the other's offer for an answer: both control
//   steps: [{ wait: s } { until: state, seconds, end } { run: [command...] } { restart: true } { mute: true } { stats: name } ...]
//   media: ["audio", "data"], mdns (only where there is no audio: who may use the microphone gets addresses), options (Chromium's)
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { connect, describe, noted, readStats, take, takeCandidate } from './ice-page.mjs';
import { sdpFragment, SipDialog } from './ice-sip.mjs';

const [planPath, outPath] = process.argv.slice(2);
const plan = JSON.parse(readFileSync(planPath, 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'ice-call-'));
const descriptions = [];
const stats = [];
const notes = [];
const note = (did) => notes.push({ time: Date.now() / 1000, did });

async function open(name, enter) {
  const program = join(folder, name);
  writeFileSync(program, `#!/bin/sh\nexec ${enter.join(' ')} /usr/bin/chromium "$@"\n`);
  chmodSync(program, 0o755);
  const args = [
    '--no-sandbox',
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    ...(plan.options ?? []),
  ];
  if (!plan.mdns) args.push('--disable-features=WebRtcHideLocalIpsWithMdns');
  const browser = await chromium.launch({ executablePath: program, args });
  const page = await (await browser.newContext({ permissions: plan.mdns ? [] : ['microphone'] })).newPage();
  await page.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body: '<title>call</title>' }));
  await page.goto('https://call.example/');
  const configuration = plan.configuration?.[name] ?? {};
  await page.evaluate(connect, {
    configuration,
    isCaller: name === 'caller' || plan.bothOffer === true,
    media: plan.media ?? ['audio'],
  });
  return { name, browser, page, sdp: '', sent: 0 };
}

const [caller, callee] = await Promise.all(['caller', 'callee'].map((name) => open(name, plan.ends[name])));
const both = [caller, callee];
const sip = plan.sip && new SipDialog(plan.ends, plan.sip);
/** Whether descriptions are on their way, and whether the call is over. */
const now = { isBusy: true, isOver: false };

async function make(end, kind) {
  end.sdp = await end.page.evaluate(describe, { kind, whole: plan.trickle === false });
  let text = end.sdp;
  for (const [whose, pattern, replacement] of plan.replace ?? [])
    if (whose === end.name) text = text.replace(new RegExp(pattern), replacement);
  descriptions.push({ time: Date.now() / 1000, from: end.name, kind, sdp: text });
  return text;
}

async function negotiate() {
  now.isBusy = true;
  if (plan.bothOffer) {
    const [one, other] = [await make(caller, 'offer'), await make(callee, 'offer')];
    await callee.page.evaluate(take, { type: 'answer', sdp: one.replace('setup:actpass', 'setup:passive') });
    await caller.page.evaluate(take, { type: 'answer', sdp: other.replace('setup:actpass', 'setup:active') });
  } else {
    const offer = await make(caller, 'offer');
    await callee.page.evaluate(take, { type: 'offer', sdp: sip ? await sip.offer(offer) : offer });
    const answer = await make(callee, 'answer');
    await caller.page.evaluate(take, { type: 'answer', sdp: sip ? await sip.answer(answer) : answer });
  }
  now.isBusy = false;
}

/** Candidates go over as they are found; with SIP, those found together in one INFO. */
async function trickle(from, to) {
  while (!now.isOver) {
    await sleep(20);
    if (now.isBusy) continue;
    const found = await from.page.evaluate((start) => candidates.slice(start).map((one) => one.candidate), from.sent);
    if (now.isBusy || found.length === 0) continue;
    from.sent += found.length;
    if (plan.trickle === false) continue;
    if (sip) await sip.info(from.name, sdpFragment(from.sdp, found));
    for (const candidate of found) await to.page.evaluate(takeCandidate, candidate);
  }
}

async function until({ until: value, seconds = 45, end }) {
  const ends = both.filter(({ name }) => end === undefined || end === name);
  for (let waited = 0; waited < seconds; waited += 0.1) {
    const read = ({ page }) => page.evaluate(() => [peer.connectionState, peer.iceConnectionState]);
    if ((await Promise.all(ends.map(read))).every((states) => states.includes(value))) return;
    await sleep(100);
  }
  console.log(`not ${value} within ${seconds} s`);
}

async function statsOfBoth(name) {
  for (const end of both) stats.push({ name, end: end.name, ...(await end.page.evaluate(readStats)) });
}

await negotiate();
const trickling = [trickle(caller, callee), trickle(callee, caller)];
for (const step of plan.steps) {
  if (step.wait) await sleep(step.wait * 1000);
  if (step.until) await until(step);
  if (step.run) {
    execFileSync(step.run[0], step.run.slice(1), { stdio: 'inherit' });
    note(step.did);
  }
  if (step.restart) {
    note('restartIce() at the caller, then offer and answer');
    await caller.page.evaluate(() => peer.restartIce());
    await negotiate();
  }
  if (step.mute) for (const { page } of both) await page.evaluate(() => peer.getSenders()[0].replaceTrack(null));
  if (step.stats) await statsOfBoth(step.stats);
}
await statsOfBoth('end');
const found = {};
for (const { name, page } of both) found[name] = await page.evaluate(noted);
now.isOver = true;
await Promise.all(trickling);
if (sip) await sip.bye();
for (const { page } of both) await page.evaluate(() => peer.close());
note('close() at both');
await sleep(300);
await Promise.all(both.map(({ browser }) => browser.close()));
rmSync(folder, { recursive: true, force: true });
writeFileSync(outPath, JSON.stringify({ notes, descriptions, ...found, stats }));
for (const { name } of both) {
  const states = found[name].timeline.filter(({ state }) => /^(connection|iceConnection)/.test(state));
  console.log(name, states.map(({ state, value }) => `${state.replace('State', '')} ${value}`).join(', '));
}
