import type { App, Session } from 'electron';
import { APP_ORIGIN } from './addresses.ts';
import { originOf } from './window-pipe.ts';

/** No page of the app goes anywhere, opens anything, or embeds anything. */
export function guardContents(app: App): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-navigate', (event) => {
      if (originOf(event.url) !== APP_ORIGIN) event.preventDefault();
    });
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
}

/** Nothing is asked of the user's machine but to write to the clipboard. */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(isAllowed(permission)));
  session.setPermissionCheckHandler((_contents, permission) => isAllowed(permission));
  session.setDevicePermissionHandler(() => false);
  // Captures are private: nothing but the app's own pages is ever fetched.
  session.webRequest.onBeforeRequest((details, answer) => {
    const isOwn = /^(earshot|devtools|blob|data):/.test(details.url);
    answer({ cancel: !isOwn });
  });
}

function isAllowed(permission: string): boolean {
  return permission === 'clipboard-sanitized-write';
}
