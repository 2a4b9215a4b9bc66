/**
 * Runs one program to its end for the launcher, so that Ctrl-C ends both and leaves no process behind.
 * Plain JavaScript without dependencies, because it runs before anything is installed.
 */
import { spawn } from 'node:child_process';

/** A terminal's Ctrl-C reaches the target as well; only when it is still there after this is the signal passed on. */
const passOnAfterMs = 1_000;
/** A stopping target has this long, then it is told to terminate, then killed. */
const graceMs = 8_000;
const killAfterMs = 2_000;

/**
 * Runs a program to its end and passes signals on, once, and late enough not to be taken for a second Ctrl-C.
 * Ends as { code, signal, interrupted, output }: `interrupted` is the signal this process got meanwhile.
 */
export function run(file, args, { cwd, env = process.env, capture = false, shell = false }) {
  return new Promise((settle, fail) => {
    const stdio = capture ? ['ignore', 'pipe', 'pipe'] : 'inherit';
    const child = spawn(file, args, { cwd, env, stdio, shell });
    const timers = [];
    const after = (ms, action) => timers.push(setTimeout(action, ms));
    let interrupted;
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));

    const onSignal = (signal) => {
      if (interrupted) return; // npm passes on what the terminal has sent already
      interrupted = signal;
      if (signal !== 'SIGINT') child.kill(signal);
      else if (!process.stdin.isTTY) after(passOnAfterMs, () => child.kill(signal));
      after(graceMs, () => child.kill('SIGTERM'));
      after(graceMs + killAfterMs, () => child.kill('SIGKILL'));
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, onSignal);
    // An npm that was killed cannot pass anything on: its launch ends with it.
    const parent = process.ppid;
    const watch = setInterval(() => process.env.npm_lifecycle_event && process.ppid !== parent && onSignal('SIGTERM'), 500);
    const done = (act) => {
      timers.forEach(clearTimeout);
      clearInterval(watch);
      for (const signal of signals) process.off(signal, onSignal);
      act();
    };
    child.on('error', (error) => done(() => fail(error)));
    child.on('close', (code, signal) => done(() => settle({ code, signal, interrupted, output })));
  });
}

/** Ends this process as the child ended, so that a shell sees the same code or signal. */
export function endAs({ code, signal, interrupted }) {
  if (code === null && signal && process.platform !== 'win32') process.kill(process.pid, signal);
  process.exitCode = code ?? (interrupted ? 130 : 1);
}
