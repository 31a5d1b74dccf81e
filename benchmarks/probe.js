// Notes when a key goes down, and the animation frame after a picture has changed: an <img> of an
// output has loaded, ipympl has copied its picture to a canvas, or a part of an inline <svg> is new.
// Frames are asked for only after a change, as a page that animates all the time is slower.
// Where DELAY is set, what goes to the kernel and comes from it is under way for so many ms.
(() => {
  const probe = { keys: [], frames: [] };
  window.probe = probe;

  let asked = false;
  const changed = () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      probe.frames.push(performance.now());
    });
  };
  const catchInPage = (event, note) => document.addEventListener(event, note, true);
  catchInPage("keydown", (event) => probe.keys.push(event.timeStamp)); // performance.now()'s clock
  catchInPage("load", ({ target }) => { // does not bubble, but is caught on the way down
    if (target instanceof HTMLImageElement && target.closest(".jp-OutputArea-output")) changed();
  });
  let loaded = false;
  const drawImage = CanvasRenderingContext2D.prototype.drawImage;
  CanvasRenderingContext2D.prototype.drawImage = function (source, ...where) {
    drawImage.call(this, source, ...where);
    if (source instanceof HTMLImageElement) {
      loaded = true;
    } else if (loaded && this.canvas.isConnected) {
      loaded = false;
      changed();
    }
  };
  const inPicture = ({ target, addedNodes }) => {
    const element = target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement;
    return (
      element?.closest(".jp-OutputArea-output") &&
      (element.closest("svg") ||
        [...addedNodes].some((node) => node.matches?.("svg") || node.querySelector?.("svg")))
    );
  };
  new MutationObserver((records) => records.some(inPicture) && changed()).observe(document, {
    attributes: true, characterData: true, childList: true, subtree: true,
  });

  if (DELAY) {
    window.WebSocket = class extends WebSocket {
      send(data) {
        setTimeout(() => super.send(data), DELAY);
      }
      set onmessage(listener) {
        super.onmessage = (event) => setTimeout(listener, DELAY, event);
      }
    };
  }

  probe.clear = () => Object.assign(probe, { keys: [], frames: [] });
  // Waits for a frame after the last key, then for none for a while; tells what came since clear().
  probe.settled = async (milliseconds) => {
    const giveUp = performance.now() + 60000;
    let count;
    do {
      if (performance.now() > giveUp) throw new Error("no new picture came within a minute");
      count = probe.frames.length;
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
    } while (probe.frames.length > count || !(probe.frames.at(-1) > probe.keys.at(-1)));
    return { keys: probe.keys, frames: probe.frames };
  };
})();
