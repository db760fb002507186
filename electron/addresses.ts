/** The page's own scheme: a standard, secure origin, which file: is not. */
export const APP_SCHEME = 'earshot';
export const APP_ORIGIN = `${APP_SCHEME}://app`;
export const APP_PAGE = `${APP_ORIGIN}/`;
