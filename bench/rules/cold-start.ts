/**
 * A container that has just begun: the engine is imported as one bundle, its rules are loaded from text, the first events are
 * answered. Run as a process of its own: node cold-start.ts <bundle> <rules> <happenings>
 */
import { readFileSync } from 'node:fs';
import { contentHash } from '../../shared/kernel/ids.ts';
import { readRules, type Contender, type Happening } from './contender.ts';

interface Module {
  readonly contender: Contender;
}
const isModule = (value: unknown): value is Module => typeof value === 'object' && value !== null && 'contender' in value;
const isHappening = (value: object): value is Happening => 'facts' in value;

const [bundle = '', rulesFile = '', happeningsFile = ''] = process.argv.slice(2);
const rules = readFileSync(rulesFile, 'utf8');
const happenings = readRules(readFileSync(happeningsFile, 'utf8'), isHappening);

const begun = performance.now();
const imports: unknown = await import(bundle);
const imported = performance.now();
if (!isModule(imports)) throw new Error(`${bundle} has no contender`);
const { contender } = imports;
const answer = contender.load(rules);
const loaded = performance.now();
const answers: string[] = [];
for (const { name, facts } of happenings) answers.push([...(await answer(name, contender.prepared(facts)))].toSorted().join());
const answered = performance.now();

/** Milliseconds. */
const times = { importing: imported - begun, loading: loaded - imported, answering: answered - loaded };
process.stdout.write(JSON.stringify({ ...times, answers: contentHash(...answers) }));
