// A motion, frame by frame: slow, fast, slow.
const still = matchMedia("(prefers-reduced-motion: reduce)");

// Calls `step(share, isEnd)` in each frame until `ms` are over; at once where nothing shall move or
// nobody looks. Returns what stops it.
export function run(ms, step) {
  const start = performance.now();
  let asked = 0;
  const frame = (time) => {
    const isOver = still.matches || document.hidden || time - start >= ms;
    const k = isOver ? 1 : Math.max(0, (time - start) / ms);
    if (!isOver) asked = requestAnimationFrame(frame);
    step(k * k * (3 - 2 * k), isOver);
  };
  frame(start);
  return () => cancelAnimationFrame(asked);
}

// A control that goes on by itself, frame by frame, until `isDone()` or until it is stopped: each
// time by one, later by a share of its value.
export function goingOn(isDone) {
  let asked = 0;
  const stop = () => (asked = cancelAnimationFrame(asked) ?? 0);
  return {
    stop,
    toggle(control, share, set) {
      const frame = () => {
        if (isDone()) return stop();
        set(control.get() + Math.max(1, Math.floor(control.get() * share)));
        asked = requestAnimationFrame(frame);
      };
      if (asked) stop();
      else frame();
    },
  };
}
