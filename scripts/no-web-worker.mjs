// Stands in for @eshaz/web-worker in what is built: opus-decoder can also decode in a worker, which is not used here.
export default function NoWebWorker() {}
