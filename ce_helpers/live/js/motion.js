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
