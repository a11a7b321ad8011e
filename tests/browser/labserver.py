"""A private Jupyter server for one notebook: JupyterLab, Notebook 7 or Voila on a loopback port."""

import ctypes
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from typing import Self

import nbformat
import psutil

APPS = ("lab", "notebook", "voila")


class LabError(RuntimeError):
    """The server, the kernel or the browser did not do what was asked."""


class JupyterServer:
    """The server and its kernel, apart from the user's own Jupyter; `url` opens the notebook.

    notebook    path of the notebook; its folder is what the server serves
    python      interpreter of the kernel
    app         one of APPS
    theme       "light" or "dark"
    env         more environment variables for the server and its kernel
    folder      an empty folder for its settings, its log and its state
    timeout     seconds that it may take to start
    """

    def __init__(self, notebook, *, python, app, theme, env, folder, timeout):
        self.notebook, self.python, self.app, self.theme = notebook, python, app, theme
        self.env, self.folder, self.timeout = env, folder, timeout
        self.log = folder / "server.log"
        self.url = ""

    def __enter__(self) -> Self:
        environment = self._environment()
        port, token = free_port(), secrets.token_hex(16)
        path, command = self._command()
        command += [f"--port={port}", "--no-browser", f"--IdentityProvider.token={token}"]
        with self.log.open("w") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *command],
                env=environment,
                cwd=self.notebook.parent,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=end_with_parent,  # noqa: PLW1509
            )
        try:
            self._wait_for(port)
        except BaseException:
            self.__exit__()
            raise
        self.url = f"http://127.0.0.1:{port}{path}?token={token}"
        return self

    def __exit__(self, *_):
        """End the server, then whatever it started that is still there (by process id)."""
        try:
            family = psutil.Process(self._process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            family = []
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(5)
        for process in psutil.wait_procs(family, timeout=2)[1]:
            process.kill()

    def last_words(self) -> str:
        return self.log.read_text()[-3000:]

    def _wait_for(self, port):
        deadline = time.monotonic() + self.timeout
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
            except OSError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise LabError(f"the {self.app} server did not start:\n{self.last_words()}") from None
                time.sleep(0.05)
            else:
                return

    def _command(self):
        """Path that opens the notebook, and the module with its options."""
        served = [
            "--LabApp.extension_manager=readonly",
            "--ip=127.0.0.1",
            "--allow-root",
            "--expose-app-in-browser",
            "--ServerApp.port_retries=0",
            f"--ServerApp.root_dir={self.notebook.parent}",
            f"--FileCheckpoints.checkpoint_dir={self.folder / 'checkpoints'}",
        ]
        if self.app == "lab":
            return f"/lab/tree/{self.notebook.name}", ["jupyterlab", *served]
        if self.app == "notebook":
            return f"/notebooks/{self.notebook.name}", ["notebook", *served]
        return "/", [
            "voila",
            str(self.notebook),
            "--Voila.ip=127.0.0.1",
            f"--theme={self.theme}",
            "--strip_sources=False",
            "--show_tracebacks=True",
            # a Notebook 7 extension that Voila cannot load
            "--VoilaConfiguration.extension_denylist=@jupyter-notebook/lab-extension",
        ]

    def _environment(self):
        """Private Jupyter folders, where the notebook's kernel is `python` and no other."""
        for name, content in {**self._settings(), **self._kernel()}.items():
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(content))
        places = {
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTER_RUNTIME_DIR": "runtime",
            "IPYTHONDIR": "ipython",
        }
        # front-end extensions of the kernel's environment are served too
        path = os.pathsep.join([str(self.folder / "path"), f"{self._kernel_prefix()}/share/jupyter"])
        private = {name: str(self.folder / place) for name, place in places.items()}
        return {**os.environ, **self.env, **private, "JUPYTER_PATH": path}

    def _settings(self):
        settings = {
            "apputils-extension/themes": {"theme": f"JupyterLab {self.theme.title()}"},
            "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
            "docmanager-extension/plugin": {"autosave": False},
            # every cell is in the page, on screen or not
            "notebook-extension/tracker": {"windowingMode": "none", "autoStartDefaultKernel": True},
        }
        return {f"settings/@jupyterlab/{k}.jupyterlab-settings": v for k, v in settings.items()}

    def _kernel(self):
        """Kernel specification under the name that the notebook asks for."""
        metadata = nbformat.read(self.notebook, as_version=4).metadata
        name = metadata.get("kernelspec", {}).get("name", "python3")
        specification = {
            "argv": [self.python, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            "display_name": "Python 3",
            "language": "python",
            "metadata": {"debugger": True},
        }
        return {f"path/kernels/{name}/kernel.json": specification}

    def _kernel_prefix(self):
        found = subprocess.run(
            [self.python, "-c", "import ipykernel, sys; print(sys.prefix)"],
            capture_output=True,
            text=True,
            timeout=self.timeout,
            check=False,
        )
        if found.returncode:
            raise LabError(f"no kernel in {self.python}: {found.stderr.strip().splitlines()[-1]}")
        return found.stdout.strip()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def end_with_parent():
    """In the server, on Linux: get SIGTERM when the process that started it is killed."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)
