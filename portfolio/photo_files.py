"""Keeping a photo once, with its files: a row that is not stored leaves none behind."""

import uuid

from django.core.exceptions import SuspiciousOperation
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from portfolio import photos


def keep_once(model, *, by, upload, upload_key, make, of):
    """The photo that `make(prepared)` gives, unsaved, stored with its files; the first one's for the same `upload_key`.

    `of` is what it belongs to, as {field: value}. The picture is read before the transaction, since that takes its
    time; `make` runs within. Raises `photos.NotAPhoto` and whatever `make` does, and SuspiciousOperation (answered 400)
    where the key is another account's, or was used for something else. No page of ours sends that.
    """
    if done := _kept(model, by, upload_key, of):
        return done
    prepared = photos.prepare(upload)
    written = []
    try:
        with transaction.atomic():
            photo = make(prepared)
            _store(photo, prepared, written)
            return photo
    except IntegrityError:
        remove(written)
        # The same upload twice at once: the other one's row won.
        if done := _kept(model, by, upload_key, of):
            return done
        if model.objects.filter(upload_key=upload_key).exists():
            raise SuspiciousOperation("上传编号已经用过。") from None
        raise
    except BaseException:
        remove(written)
        raise


def _kept(model, by, upload_key, of):
    return model.objects.visible_to(by).filter(upload_key=upload_key, uploaded_by=by, **of).first()


def _store(photo, prepared, written):
    name = uuid.uuid4().hex
    for file, content, ending in ((photo.file, prepared.image, ""), (photo.thumbnail, prepared.thumbnail, "-small")):
        file.save(f"{name}{ending}.jpg", ContentFile(content), save=False)
        written.append(file)
    photo.save(force_insert=True)


def remove(files):
    """Delete stored files, once it is certain that nothing points at them any more."""
    for file in files:
        file.storage.delete(file.name)
