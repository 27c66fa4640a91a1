import { installNative } from '../backend/install';

/** `flambeau install-native`: progress on stderr, the result on stdout, 0 if native libtensorflow is in place. */
export async function runInstallNative(wheel: string | undefined): Promise<number> {
  const report = (line: string) => console.error(`flambeau: ${line}`);
  const started = performance.now();
  const { changed, version, binding, libtensorflow } = await installNative({
    report,
    ...(wheel !== undefined && { wheel }),
  });
  const took = `installed in ${Math.round((performance.now() - started) / 1000)} s`;
  console.log(`libtensorflow ${version} is ${changed ? took : 'installed already'}`);
  console.log(`  library  ${libtensorflow}\n  binding  ${binding}`);
  return 0;
}
