// A process of its own that opens a SQLite store, says which process owns the file, and stays.
import { startProcess } from '../../store/process-client.ts';

const { pid } = await startProcess(process.argv[2] ?? '');
process.stdout.write(`${pid}\n`);
