"""JavaScript that the browser tests run in the page, to follow the kernel and to read the cells."""

# The notebook is read and its kernel is ready.
IS_OPEN = """() => {
  const panel = window.jupyterapp?.shell?.currentWidget, kernel = panel?.sessionContext?.session?.kernel;
  return panel?.context?.isReady && kernel?.connectionStatus === 'connected' && kernel.status === 'idle';
}"""

# Records what the kernel was asked and has not yet finished, and what failed there.
# A request is finished when the kernel publishes `idle` for it, which comes after its outputs.
# `failed` has cells by id, for errors that leave no error output (a UsageError of a magic);
# `errors` has those of widget callbacks, which JupyterLab shows only in its log console.
WATCH_KERNEL = """() => {
  const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const watch = (window.labharness =
    { kernel, pending: new Map(), sent: 0, last: 0, failed: {}, errors: [], died: '' });
  kernel.statusChanged.connect((_, status) => {
    if (status === 'restarting') watch.pending.clear();  // asked for, unlike 'autorestarting'
    if (['autorestarting', 'dead'].includes(status)) watch.died = status;
  });
  kernel.anyMessage.connect((_, { msg, direction }) => {
    const type = msg.header.msg_type, content = msg.content, request = msg.parent_header;
    watch.last = performance.now();
    if (direction === 'send') {
      if (msg.channel !== 'shell') return;
      watch.pending.set(msg.header.msg_id, msg);
      watch.sent += type === 'execute_request';
    } else if (type === 'status' && content.execution_state === 'idle') {
      watch.pending.delete(request.msg_id);
    } else if (type === 'execute_reply') {
      const cell = watch.pending.get(request.msg_id)?.metadata.cellId;
      if (content.status === 'error') watch.failed[cell] = `${content.ename}: ${content.evalue}`;
      if (content.status === 'aborted') watch.pending.delete(request.msg_id);
    } else if (type === 'error' && request.msg_type !== 'execute_request') {
      watch.errors.push({ in: request.msg_type, error: `${content.ename}: ${content.evalue}`,
                          traceback: content.traceback });
    }
  });
}"""

# Is the kernel done with all it was asked, and has it been quiet for `settle` ms?
IDLE = """settle => {
  const { kernel, pending, last, died } = window.labharness;
  if (died) throw new Error(`the kernel died (${died})`);
  return pending.size === 0 && kernel.status === 'idle' && performance.now() - last >= settle;
}"""

# Returns when the page has not changed for `quiet` ms, or after `most` ms.
QUIET = """async ([quiet, most]) => {
  const start = performance.now();
  let last = start;
  const observer = new MutationObserver(() => { last = performance.now(); });
  observer.observe(document.body, { subtree: true, childList: true, characterData: true });
  while (performance.now() - last < quiet && performance.now() - start < most)
    await new Promise(ok => setTimeout(ok, 50));
  observer.disconnect();
}"""

# The reply to one expression, evaluated in the kernel within `seconds`.
PYTHON = """async ([expression, seconds]) => {
  const future = window.labharness.kernel.requestExecute(
    { code: '', silent: true, store_history: false, user_expressions: { value: expression } });
  const late = new Promise((_, no) => setTimeout(() => no(new Error('no reply in time')), seconds * 1000));
  const reply = await Promise.race([future.done, late]);
  const { status, user_expressions } = reply.content;
  return user_expressions?.value ?? { status: 'error', ename: status, evalue: '' };
}"""

# What each cell shows, read from the page, and from the notebook model where there is one.
CELLS = """async selector => {
  // ipywidgets mark their elements; an anywidget is known only by where it is
  const WIDGETS = '.jupyter-widgets, .lm-Panel.jp-OutputArea-output > .lm-Widget:not(:empty), ' +
                  '.widget-box > .lm-Widget:not(:empty)';
  const models = window.jupyterapp?.shell?.currentWidget?.content?.widgets?.map(w => w.model.toJSON()) ?? [];
  const lastLine = text => text.trim().split('\\n').at(-1);
  const isError = text => /^-{20}|^UsageError|Javascript Error:/.test(text) ||
                          /^\\w*(Error|Exception|Interrupt)\\b/.test(lastLine(text));
  const metadata = async a => {
    if (a.readyState < 1 && !a.error && (a.currentSrc || a.src || a.querySelector('source'))) {
      const loaded = new Promise(ok => ['loadedmetadata', 'error'].forEach(e => a.addEventListener(e, ok)));
      if (a.preload === 'none') { a.preload = 'metadata'; a.load(); }
      await Promise.race([loaded, new Promise(ok => setTimeout(ok, 5000))]);
    }
    return { src: (a.currentSrc || a.src).slice(0, 80), readyState: a.readyState, paused: a.paused,
             duration: Number.isFinite(a.duration) ? a.duration : null, error: a.error?.message ?? null };
  };
  return Promise.all([...document.querySelectorAll(selector)].map(async (node, index) => {
    const all = query => [...node.querySelectorAll(query)];
    const model = models[index], failed = window.labharness?.failed[model?.id];
    const errors = (model?.outputs ?? []).filter(o => o.output_type === 'error')
                                         .map(o => `${o.ename}: ${o.evalue}`);
    if (failed && !errors.includes(failed)) errors.push(failed);
    for (const shown of all('[data-mime-type="application/vnd.jupyter.stderr"]').map(e => e.innerText.trim()))
      if (isError(shown) && !errors.some(e => e.includes(lastLine(shown)))) errors.push(lastLine(shown));
    return {
      index,
      type: model?.cell_type ?? (node.querySelector('.jp-CodeCell') ? 'code' : 'markdown'),
      source: model?.source ?? all('.jp-InputArea').map(e => e.innerText).join(''),
      execution_count: model?.execution_count ?? null,
      text: all('.jp-OutputArea-child > :not(.jp-OutputPrompt)')
              .filter(e => !e.parentElement.closest('.jp-OutputArea-output'))
              .map(e => e.innerText).join('\\n').trim(),
      outputs: model?.outputs?.map(o => ({ type: o.output_type, mime: Object.keys(o.data ?? {}) })) ?? null,
      errors,
      error_expected: model?.metadata.tags?.includes('raises-exception') ?? false,
      widgets: all(WIDGETS).length,
      broken_widgets: all('.jupyter-widgets-error-widget').length,
      audio: await Promise.all(all('audio').map(metadata)),
    };
  }));
}"""

# Scrolls to the top; gives the window height at which the last cell is just in view.
FIT = """selector => {
  const scroller = document.querySelector('.jp-WindowedPanel-outer') ?? document.body;
  scroller.scrollTop = 0;
  const last = [...document.querySelectorAll(selector)].at(-1)?.getBoundingClientRect().bottom ?? 0;
  const height = Math.ceil(innerHeight + last - scroller.getBoundingClientRect().bottom + 24);
  return Math.min(Math.max(height, 400), 16000);  // Chromium draws up to 16384
}"""
