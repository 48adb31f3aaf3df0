"""The web application: routers, static files, guards, errors.

For the pages: `docparse.web.pages` has `router` (HTML, an `APIRouter`) and `error_page(request, problem) -> Response` (an HTML page for a
`docparse.web.errors.Problem`); static files are in `docparse/web/static`. Handlers are plain `def`. Every route passes `security.admit`, which
checks CSRF tokens (hidden field `csrf`, value `security.csrf_token(request)`) and sends people to `/login?next=…` where a login is needed.

    from docparse.web.parameters import DocumentId, WantedFilters, Query, Limit, Offset  # bounds, and `Filters` from an address
    from docparse.web.security import CurrentUser, ReadCorpus, Reviewer, WriteCorpus, csrf_token, log_in, log_out, safe_next

    @router.post("/documents/{document_id}/corrections")
    def correct(request: Request, document_id: DocumentId, corpus: WriteCorpus, reviewer: Reviewer) -> Response: ...

DocparseErrors may leave a handler: they become a page or JSON with the right status.
"""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from anyio.to_thread import current_default_thread_limiter
from fastapi import Depends, FastAPI
from fastapi.staticfiles import StaticFiles

from docparse import __version__
from docparse.store.corpus import Corpus
from docparse.web import errors, security
from docparse.web.accounts import Accounts
from docparse.web.sessions import Brake, Sessions
from docparse.web.settings import WebSettings
from docparse.web.shield import Shield
from docparse.web.upload import Uploads

STATIC = Path(__file__).parent / "static"
HASHES_AT_ONCE = 2  # each takes 64 MiB
OBJECTS_BETWEEN_COLLECTIONS = (100_000, 20, 20)  # a page of a long document makes hundreds of thousands, none of them in circles
THREADS = 16  # that answer at a time: half as many as the corpus has connections
ENVIRONMENT = "DOCPARSE_WEB_SETTINGS"  # in which a worker process finds its settings


def create_app(settings: WebSettings) -> FastAPI:
    """The application. Raises CorpusError or AccountError where the corpus or the accounts cannot be opened."""
    from docparse.web import api, pages

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        current_default_thread_limiter().total_tokens = THREADS
        gc.collect()
        gc.freeze()  # what is loaded by now stays
        gc.set_threshold(*OBJECTS_BETWEEN_COLLECTIONS)
        yield
        app.state.corpus.close()
        if app.state.accounts:
            app.state.accounts.close()

    app = FastAPI(
        title="docparse",
        version=__version__,
        description=api.DESCRIPTION,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=life,
        dependencies=[Depends(security.admit)],
    )
    app.state.settings = settings
    app.state.corpus = Corpus(settings.corpus, read_only=True, query_seconds=settings.query_seconds)
    app.state.accounts = Accounts(settings.accounts) if settings.accounts else None
    if app.state.accounts:
        app.state.sessions = Sessions(app.state.accounts, longest=settings.session_hours * 3600, idle=settings.idle_hours * 3600)
        app.state.brake = Brake(app.state.accounts)
        app.state.hashing = threading.BoundedSemaphore(HASHES_AT_ONCE)
    app.state.uploads = Uploads(settings)
    app.add_middleware(Shield, settings=settings)
    errors.install(app)
    app.include_router(api.router)
    app.include_router(pages.router, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app


def from_environment() -> FastAPI:
    """The application of a worker process."""
    return create_app(WebSettings.from_json(os.environ[ENVIRONMENT]))
