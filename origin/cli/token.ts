import { parseArgs } from 'node:util';
import { isUserId } from '../../shared/words.ts';
import { type Command, UsageError } from './command.ts';
import { mintToken, TOKEN_SECONDS } from './mint.ts';
import { findJwtSecret, sourceOf } from './target.ts';

export const token: Command = {
  name: 'token',
  usage: 'token <userId> [--admin] [--dev]',
  about: [
    'Mints a token for a user, good for one hour (profiles local and testing).',
    '',
    '  --admin  with the role of an administrator',
    '  --dev    for the system that `npm run dev` is running',
  ].join('\n'),
  async run(args, output) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { admin: { type: 'boolean' }, dev: { type: 'boolean' } },
    });
    const [userId, ...rest] = positionals;
    if (userId === undefined || rest.length > 0) throw new UsageError('One user id is needed.');
    if (!isUserId(userId)) throw new UsageError('A user id is [A-Za-z0-9_.@:|-]{1,128}.');
    const secret = findJwtSecret(sourceOf(values));
    const expiresAt = new Date(Date.now() + TOKEN_SECONDS * 1000).toISOString();
    const claims = values.admin ? ({ sub: userId, role: 'admin' } as const) : { sub: userId };
    const minted = await mintToken(claims, secret);
    output.result({ token: minted, expiresAt }, [minted]);
    return 0;
  },
};
