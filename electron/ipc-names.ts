/** The page asks for its port. */
export const CONNECT = 'earshot:connect';
/** The port is handed over. */
export const PORT = 'earshot:port';
