// Runs in the page before JupyterLab. It notes when a key goes down and when a new picture is there.
//
// A picture in an <img> (of widgets.Image, or of an output) is there when the <img> fires `load`:
// that event does not bubble, but a capturing listener on the document sees it for each <img> that
// is in the page, also for one that has just been made. ipympl loads its picture into an <img>
// outside the page and copies it to a canvas: there the picture is there when drawImage has been
// called with a canvas in the page as its target, for the first time after the <img> was drawn.
// In both cases the browser still has to paint, which takes the same time for all.
(() => {
  const probe = { keys: [], frames: [] };
  window.probe = probe;

  const note = (width, height) => {
    probe.frames.push({ time: performance.now(), width, height });
  };
  document.addEventListener(
    "keydown",
    (event) => probe.keys.push(event.timeStamp), // the clock of performance.now()
    true
  );
  document.addEventListener(
    "load",
    ({ target }) => {
      if (target instanceof HTMLImageElement && target.closest(".jp-OutputArea-output")) {
        note(target.naturalWidth, target.naturalHeight);
      }
    },
    true
  );
  let loaded = false;
  const drawImage = CanvasRenderingContext2D.prototype.drawImage;
  CanvasRenderingContext2D.prototype.drawImage = function (source, ...where) {
    drawImage.call(this, source, ...where);
    if (source instanceof HTMLImageElement) {
      loaded = true;
    } else if (loaded && this.canvas.isConnected) {
      loaded = false;
      note(source.width, source.height);
    }
  };

  const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

  probe.clear = () => {
    probe.keys = [];
    probe.frames = [];
  };
  // Waits until a picture has come after the last key and none for a while; tells what came since
  // clear().
  probe.settled = async (milliseconds) => {
    const giveUp = performance.now() + 20000;
    let count;
    do {
      if (performance.now() > giveUp) {
        throw new Error("no new picture came within 20 seconds");
      }
      count = probe.frames.length;
      await pause(milliseconds);
    } while (probe.frames.length > count || !(probe.frames.at(-1)?.time > probe.keys.at(-1)));
    return { keys: probe.keys, frames: probe.frames };
  };
})();
