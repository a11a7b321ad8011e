// Asks the kernel for bytes and collects the parts in which they come: see parts.py.
export function received(model, name, signal) {
  // Other views of the same model hear the answer, too: each knows its own by the id.
  const id = Math.random().toString(36).slice(2);
  return new Promise((resolve) => {
    const parts = [];
    const forget = () => model.off("msg:custom", take);
    const take = (message, buffers) => {
      if (message.id !== id) return;
      parts.push(buffers[0]);
      if (parts.length < message.parts) return;
      forget();
      resolve(new Blob(parts));
    };
    model.on("msg:custom", take);
    signal.addEventListener("abort", forget);
    model.send({ send: name, id });
  });
}
