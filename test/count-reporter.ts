import type { Reporter, TestModule } from 'vitest/node';

/** Prints `N passed, N failed, N skipped` last. A test file that fails to load counts as failed. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      let failedBefore = counts.failed;
      for (const test of module.children.allTests()) {
        counts[test.result().state] += 1;
      }
      if (counts.failed === failedBefore && module.state() === 'failed') counts.failed += 1;
      failedBefore = counts.failed;
    }
    const { passed, failed, skipped, pending } = counts;
    process.on('exit', () => {
      process.stdout.write(`${passed} passed, ${failed} failed, ${skipped + pending} skipped\n`);
    });
  }
}
