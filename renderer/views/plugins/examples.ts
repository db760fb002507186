/** The three worked examples, as texts. Imported lazily: they are wanted once. */
import flagHeader from '../../../resources/plugins/flag-header.ts?raw';
import vendorLog from '../../../resources/plugins/vendor-log.ts?raw';
import vpnRtp from '../../../resources/plugins/vpn-rtp.ts?raw';

export const EXAMPLE_TEXTS = { 'vpn-rtp.ts': vpnRtp, 'vendor-log.ts': vendorLog, 'flag-header.ts': flagHeader };
