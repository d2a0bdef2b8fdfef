"""First look: is this a file that we take, and what has to be said about it?"""

from watermark.child.job import Job
from watermark.child.look_pdf import look_pdf
from watermark.child.look_picture import look_picture
from watermark.child.signatures import agreed_media


def look(document: memoryview, job: Job) -> tuple[dict[str, object], None]:
    """Return media type, page sizes and flags of a document.

    PDFs go to MuPDF, pictures to OpenCV, never across.

    Raises:
        Refused: the file is not taken.
    """
    media = agreed_media(document, job.ending)
    if media == "application/pdf":
        return look_pdf(document, job), None
    return look_picture(document, media, job), None
