import { gitBackend, redisServer } from './debian.ts';
import type { Found, Ingredient } from './ingredient.ts';
import { goPrograms } from './programs.ts';
import { pythonEnvironment } from './python.ts';

/** Finds, and where needed builds, what the servers are made of. A build that fails counts as lacking, with the reason. */
export async function ingredients(needed: ReadonlySet<Ingredient>, say: (line: string) => void): Promise<Map<Ingredient, Found>> {
  const makers: Record<Ingredient, () => Promise<Found>> = {
    programs: () => goPrograms(say),
    python: () => pythonEnvironment(say),
    redis: () => redisServer(say),
    git: () => gitBackend(say),
  };
  const found = await Promise.all(
    [...needed].map(async (name): Promise<[Ingredient, Found]> => {
      try {
        return [name, await makers[name]()];
      } catch (thrown) {
        return [name, { lacking: thrown instanceof Error ? thrown.message : String(thrown) }];
      }
    }),
  );
  return new Map(found);
}
