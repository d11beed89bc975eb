'use strict';

/** Requires each file named on the command line, so that a module which is not there shows itself by its file. */
for (const file of process.argv.slice(2)) {
	try {
		require(file);
	} catch (cause) {
		process.stderr.write(`${file}: ${cause.stack}\n`);
		process.exitCode = 1;
	}
}
