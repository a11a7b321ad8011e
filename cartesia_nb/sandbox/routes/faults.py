"""What ``Sandbox-Fault`` can ask for."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cartesia_nb.sandbox.faults.table import FAULTS


async def list_faults(_request: Request) -> Response:
    """List the faults, with the defaults of their parameters."""
    faults = [
        {
            "name": name,
            "description": fault.description,
            "work_done": fault.is_work_done,
            "parameters": fault.parameters,
        }
        for name, fault in FAULTS.items()
    ]
    return JSONResponse({"faults": faults})


routes = [Route("/sandbox/faults", list_faults)]
