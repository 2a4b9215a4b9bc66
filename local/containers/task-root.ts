/**
 * The folder of a bundle is all there is in Lambda. Here it lies inside a project full of packages: what a bundle would not
 * find in AWS, it must not find here.
 */
import { registerHooks } from 'node:module';
import { sep } from 'node:path';
import { pathToFileURL } from 'node:url';

/** From now on this thread loads Node's own modules and files of this folder. Answers the URLs of the files that it loads. */
export function confineTo(folder: string): readonly string[] {
  const root = pathToFileURL(folder + sep).href;
  const modules: string[] = [];
  registerHooks({
    resolve: (specifier, context, next) => {
      const found = next(specifier, context);
      if (found.url.startsWith('node:') || found.url.startsWith(root)) return found;
      throw new Error(`Cannot find package '${specifier}': it is not in the bundle`);
    },
    load: (url, context, next) => {
      if (!url.startsWith('node:')) modules.push(url);
      return next(url, context);
    },
  });
  return modules;
}
