'use strict';

/** A build that worked has nothing to say. */
module.exports = { flags: { logLevel: 1 } };
