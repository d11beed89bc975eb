'use strict';

/** Why the build cannot go on, in words: gulp prints the message and leaves the stack out. */
class BuildStop extends Error {
	name = 'Build stopped';
	showStack = false;
}

module.exports = { BuildStop };
