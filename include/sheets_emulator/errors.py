"""Google's two shapes of an error answer: Sheets' (gRPC status names) and Drive's (reasons)."""

from typing import Any

Json = dict[str, Any]

STATUS_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
}
DRIVE_REASONS = {
    400: "invalid",
    401: "authError",
    403: "insufficientFilePermissions",
    404: "notFound",
    429: "rateLimitExceeded",
    500: "internalError",
    501: "notImplemented",
    503: "backendError",
}


class ApiError(Exception):
    """An answer that is an error: an HTTP status, Google's sentence and, for bad bodies, the fields."""

    def __init__(
        self,
        code: int,
        message: str,
        *,
        violations: list[tuple[str, str]] | None = None,
        reason: str | None = None,
        parameter: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.violations = violations or []
        self.reason = reason
        self.parameter = parameter
        self.headers = headers or {}

    def sheets_body(self) -> Json:
        """The body as the Sheets API words it."""
        error: Json = {"code": self.code, "message": self.message, "status": STATUS_NAMES.get(self.code, "UNKNOWN")}
        if self.violations:
            fields = [
                {"field": field, "description": text} if field else {"description": text}
                for field, text in self.violations
            ]
            error["details"] = [{"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": fields}]
        return {"error": error}

    def drive_body(self) -> Json:
        """The body as the Drive API words it."""
        entry: Json = {
            "message": self.message,
            "domain": "global",
            "reason": self.reason or DRIVE_REASONS.get(self.code, "unknown"),
        }
        if self.parameter:
            entry |= {"locationType": "parameter", "location": self.parameter}
        return {"error": {"code": self.code, "message": self.message, "errors": [entry]}}


class Refused(Exception):
    """One request of a batch cannot be applied; the batch puts `Invalid requests[i].kind: ` before it."""


def invalid(message: str) -> ApiError:
    """A 400 with this sentence."""
    return ApiError(400, message)


def not_found() -> ApiError:
    """The Sheets API's 404."""
    return ApiError(404, "Requested entity was not found.")


def forbidden() -> ApiError:
    """The Sheets API's 403."""
    return ApiError(403, "The caller does not have permission")


def unmodelled(what: str) -> ApiError:
    """501: valid for Google, not modelled here; never silently accepted."""
    return ApiError(501, f"The emulator does not model {what}.")
