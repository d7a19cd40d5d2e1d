// Installs every program that the tests need and this machine lacks, before they are needed.
import { programs, provide } from './services/programs.ts';

for (const program of Object.values(programs)) console.log(await provide(program));
