// A script reads one JSON object from stdin and writes one to stdout. It exits with 0 whenever it has an answer, a
// refusal included, and with 2 where it was called wrongly.
import {readFileSync} from 'node:fs';
import {pathToFileURL} from 'node:url';

export async function main(module, commands) {
  if(module !== pathToFileURL(process.argv[1]).href) {
    return;
  }
  const command = commands[process.argv[2]];
  if(!command) {
    console.error(`One of these was expected: ${Object.keys(commands).join(', ')}.`);
    process.exit(2);
  }
  try {
    const answer = await command(JSON.parse(readFileSync(0, 'utf8')));
    process.stdout.write(JSON.stringify(answer) + '\n');
  } catch(error) {
    console.error(error);
    process.exit(2);
  }
}
