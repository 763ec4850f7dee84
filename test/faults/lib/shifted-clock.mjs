/**
 * For `node --import`: the wall clock of a process is off, and jumps, while time goes by as ever, as when somebody sets
 * the clock of a machine. `CLOCK_SHIFTS_MS`: by how much, one after the other; `CLOCK_STEP_MS`: how long each lasts.
 */
const shifts = (process.env['CLOCK_SHIFTS_MS'] ?? '0').split(',').map(Number);
const stepMs = Number(process.env['CLOCK_STEP_MS'] ?? '5000');
const Real = globalThis.Date;
const realNow = Real.now.bind(Real);

const now = () => realNow() + (shifts[Math.floor(performance.now() / stepMs) % shifts.length] ?? 0);

globalThis.Date = new Proxy(Real, {
  construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  apply: () => new Real(now()).toString(),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
});
