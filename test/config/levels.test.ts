/** The check names the word that lies above the brand's level exactly where the compiled condition has that level. */
import { expect, test } from 'vitest';
import { checkFiles } from '../../shared/config/check-config.ts';
import { levelOf } from '../../shared/rules/levels.ts';
import { brand, smallConfig } from './small-config.ts';

const withLevel = (level: number, when: string) =>
  smallConfig({
    'brand.yaml': brand.replace('maturity: 2', `maturity: ${level}`),
    'journeys/rappel.yaml': undefined,
    'segments/essai.yaml': `when: ${when}\n`,
  });

test.each([
  '{ city: Lyon, orders.total: { gte: 3, within: 30 days }, tags: { contains: a } }',
  '{ any: [{ not: { did: Order Completed } }, { city: Lyon }] }',
  '{ did not: Order Completed }',
  '{ all: [{ predicted.churn: 1 }, { did: Order Completed, where: { predicted: 1 } }] }',
  '{ not: { any: [{ context.weather: rain }, { predicted.churn: 1 }] } }',
  '{ traits.predicted: 1, traits.context.a: 2 }',
])('%s', async (when) => {
  const good = await checkFiles(withLevel(4, when));
  if (good.kind === 'bad') throw new Error(JSON.stringify(good.problems));
  const { level, because } = levelOf(good.config.segments.find(({ name }) => name === 'essai')!.when);
  for (const allowed of [1, 2, 3] as const) {
    const checked = await checkFiles(withLevel(allowed, when));
    const problems = checked.kind === 'bad' ? checked.problems.map(({ problem }) => problem) : [];
    expect([allowed, problems.length > 0]).toEqual([allowed, level > allowed]);
    expect(problems.filter((problem) => !/ is level \d, and brand\.yaml allows level \d$/.test(problem))).toEqual([]);
    const named = problems.some((problem) => problem.startsWith(`"${because}`));
    expect(named).toBe(level > allowed);
  }
});
