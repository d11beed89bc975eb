import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import * as keyFile from '../../../../core/store/keyFile';
import { addArea, areas, change, databaseIn, keysIn, openEngine, scratchFolder } from '../scratch';

vi.mock('../../../../core/store/keyFile', async (original) => ({ ...(await original<typeof keyFile>()) }));

it('a store that another process made right after ours looked for keys is joined, not taken for one that lost its keys', async () => {
	const theirs = join(scratchFolder(), 'theirs');
	const store = await openEngine(theirs);
	await change(store, (context) => addArea(context, 'theirs'));
	await store.close();

	const folder = join(scratchFolder(), 'shared');
	const look = keyFile.readKeyFile;
	const looked = vi.spyOn(keyFile, 'readKeyFile').mockImplementationOnce((path) => {
		const found = look(path);
		copyFileSync(keysIn(theirs), keysIn(folder));
		copyFileSync(databaseIn(theirs), databaseIn(folder));
		return found;
	});
	const ours = await openEngine(folder);
	expect(looked.mock.results[0]?.value).toBeUndefined();
	await change(ours, (context) => addArea(context, 'ours'));
	expect(await areas(ours)).toEqual(['ours', 'theirs']);
});
