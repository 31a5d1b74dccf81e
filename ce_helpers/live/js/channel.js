// One ordered way to the kernel, at most one message on it. Moves that wait are joined: the newest
// value of each control wins; so are choices of an element. What a button does is never joined.
// So presses and buttons keep their order, whatever the distance.
const PATIENCE = 3000; // ms; a lost kernel is not announced

export function channel(send, onSilence) {
  const view = Math.random().toString(36).slice(2), waiting = [];
  let count = 0, flying = "", last = "", timer = 0;

  function fly() {
    if (flying || !waiting.length) return;
    flying = last = `${view}:${++count}`;
    const { kind, ...message } = waiting.shift();
    send({ n: flying, ...message });
    timer = setTimeout(() => onSilence(true), PATIENCE);
  }
  return {
    tell(kind, message) {
      const open = waiting.at(-1);
      if (open?.kind === kind && message.controls) Object.assign(open.controls, message.controls);
      else waiting.push({ kind, ...structuredClone(message) });
      setTimeout(fly); // the picture first: a message takes longer than a move
    },
    // Takes note of an answer. True if nothing was told since: only then may it be shown.
    settles(n) {
      if (n === flying) {
        flying = "";
        clearTimeout(timer);
        onSilence(false);
        fly();
      }
      return !flying && !waiting.length && (!last || n === last || !n.startsWith(view));
    },
  };
}
