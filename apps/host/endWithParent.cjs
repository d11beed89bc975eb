/**
 * Preloaded into n8n and the sandbox of a bench. File descriptor 3 is a pipe held open by whoever started it: when that
 * process is gone, however it went, the pipe closes and the program stops as if asked to, so no server is ever left behind.
 */
const { Socket } = require('node:net');

const lifeline = new Socket({ fd: 3, readable: true, writable: false });
lifeline.on('close', () => process.kill(process.pid, 'SIGTERM'));
lifeline.resume();
lifeline.unref();
