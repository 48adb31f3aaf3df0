"""Sign a PDF as Vietnamese e-signature tools do: one visible field for each stamp (number, day, leader, seal, publishing office).

Keys and certificates are test material: they come from a fixed seed that stands here, so anybody can make them, and trust nothing.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import io
import random
import tempfile
from collections.abc import Callable, Iterator
from functools import cache

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, InnerScaling, Margins, SimpleBoxLayoutRule
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore
from reportlab.pdfgen.canvas import Canvas

from generator.fixed import fixed
from generator.ink import seal, squiggle
from generator.layout import Place
from generator.pdf import face
from generator.source import Document

FLUSH = SimpleBoxLayoutRule(AxisAlignment.ALIGN_MIN, AxisAlignment.ALIGN_MIN, Margins.uniform(0), InnerScaling.NO_SCALING)
ZONE = dt.timezone(dt.timedelta(hours=7))
SEED = "docparse corpus test key, not secret"


def prime(source: random.Random, bits: int) -> int:
    """A probable prime for RSA with exponent 65537 (Miller-Rabin, 24 rounds)."""
    while True:
        number = source.getrandbits(bits) | (3 << (bits - 2)) | 1
        if any(number % small == 0 for small in (3, 5, 7, 11, 13, 17, 19, 23, 29, 31)) or (number - 1) % 65537 == 0:
            continue
        odd, shift = number - 1, 0
        while odd % 2 == 0:
            odd, shift = odd // 2, shift + 1
        for _ in range(24):
            value = pow(source.randrange(2, number - 1), odd, number)
            if value in (1, number - 1):
                continue
            for _ in range(shift - 1):
                value = value * value % number
                if value == number - 1:
                    break
            else:
                break
        else:
            return number


@cache
def test_key(name: str) -> rsa.RSAPrivateKey:
    """The 2048-bit test key of a signer: the same on every run."""
    source = random.Random(f"{SEED}: {name}")
    p, q = prime(source, 1024), prime(source, 1024)
    private = pow(65537, -1, (p - 1) * (q - 1))
    numbers = rsa.RSAPrivateNumbers(p, q, private, private % (p - 1), private % (q - 1), pow(q, -1, p), rsa.RSAPublicNumbers(65537, p * q))
    return numbers.private_key()


def subject(**parts: str) -> x509.Name:
    """A distinguished name as public-service certificates have it."""
    order = {
        "C": NameOID.COUNTRY_NAME,
        "L": NameOID.LOCALITY_NAME,
        "O": NameOID.ORGANIZATION_NAME,
        "OU": NameOID.ORGANIZATIONAL_UNIT_NAME,
        "CN": NameOID.COMMON_NAME,
        "UID": NameOID.USER_ID,
        "E": NameOID.EMAIL_ADDRESS,
    }
    return x509.Name([x509.NameAttribute(order[key], value) for key, value in parts.items() if value])


ISSUER = subject(C="VN", O="Docparse thử nghiệm", OU="Chứng thư số chỉ dùng để kiểm thử", CN="CA thử nghiệm docparse")
TIME = subject(C="VN", O="Docparse thử nghiệm", CN="TSA thử nghiệm docparse")


@cache
def certificate(
    name: x509.Name, issuer: x509.Name = ISSUER, *, forger: x509.Name | None = None, purpose: x509.ObjectIdentifier | None = None
) -> asn1_x509.Certificate:
    """The certificate of a signer, valid 2020 to 2040. A forger signs it with a key of his own in the issuer's name."""
    is_issuer = name == ISSUER
    serial = int.from_bytes(hashlib.sha256(name.rfc4514_string().encode()).digest()[:15], "big")
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(test_key(name.rfc4514_string()).public_key())
        .serial_number(serial)
        .not_valid_before(dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
        .not_valid_after(dt.datetime(2040, 1, 1, tzinfo=dt.UTC))
        .add_extension(x509.BasicConstraints(ca=is_issuer, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(not is_issuer, not is_issuer, False, False, False, is_issuer, is_issuer, False, False), critical=True)
    )
    if purpose:
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
    made = builder.sign(test_key((forger or issuer).rfc4514_string()), hashes.SHA256())
    return asn1_x509.Certificate.load(made.public_bytes(serialization.Encoding.DER))


def private_key(name: x509.Name) -> asn1_keys.PrivateKeyInfo:
    """The test key of a signer as pyHanko wants it."""
    encoding = (serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return asn1_keys.PrivateKeyInfo.load(test_key(name.rfc4514_string()).private_bytes(*encoding))


class DatedSigner(signers.PdfSigner):
    """A signer whose clock stands still, so that the same input gives the same file."""

    when: dt.datetime

    def init_signing_session(self, *args: object, **kwargs: object) -> signers.PdfSigningSession:
        """The session of the base class at the given time."""
        session = super().init_signing_session(*args, **kwargs)  # type: ignore[arg-type]
        session.system_time = self.when
        return session


def stamp(place: Place, document: Document, when: dt.datetime) -> bytes:
    """The appearance of a signature as a one-page PDF of the size of its box."""
    x0, y0, x1, y1 = place.box
    width, height = x1 - x0, y1 - y0
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(width, height), invariant=1)
    settings = document.data.get("stamps", {})
    if place.role in ("number", "day"):
        style = "i" if place.role == "day" and settings.get("slanted") else ""
        gap = " " if settings.get("spaced") else ""
        canvas.setFont(face(style), 13)
        canvas.drawString(1.5, 6, gap.join(place.text))
    elif place.role == "leader":
        squiggle(canvas, width, height, place.text)
    else:
        radius = min(width, height) / 2 - 3
        centre = (radius + 3, height / 2)
        seal(canvas, centre, radius)
        if place.role == "office":
            canvas.setFillColorRGB(0, 0, 0)
            lines = [*settings["office_lines"], settings["office_email"], when.strftime("%d.%m.%Y %H:%M:%S"), "+07:00"]
            for index, text in enumerate(lines):
                canvas.setFont(face(""), 8.5)
                canvas.drawString(2 * radius + 10, height - 9 - index * 8.8, text)
    canvas.save()
    return buffer.getvalue()


def steps(document: Document, places: list[Place]) -> Iterator[tuple[Place, x509.Name, dt.datetime]]:
    """The signatures in the order of the work: the leader, then the clerk's number, day and seal, last the publishing office."""
    given = document.data["stamps"]
    start = dt.datetime.fromisoformat(given["signed"]).replace(tzinfo=ZONE)
    where = given["place"]
    clerk = subject(C="VN", L=where, O=given["parent"], CN=given["organization"], UID="MST:0000000000", E=given.get("email", ""))
    for place in sorted(places, key=lambda place: ["leader", "number", "day", "seal", "office"].index(place.role)):
        if place.role == "leader":
            email = given.get("leader_email", "")
            yield place, subject(C="VN", L=where, O=given["parent"], OU=given["organization"], CN=place.text, E=email), start
        elif place.role == "office":
            office = " ".join(given["office_lines"])
            name = subject(C="VN", L=where, O=given["parent"], CN=office, E=given["office_email"])
            yield place, name, start + dt.timedelta(hours=20, minutes=4, seconds=31)
        else:
            start += dt.timedelta(minutes=2, seconds=17)
            yield place, clerk, start + dt.timedelta(minutes=26)


def time_authority(when: dt.datetime) -> DummyTimeStamper:
    """A time-stamp authority without a network."""
    return DummyTimeStamper(certificate(TIME, purpose=ExtendedKeyUsageOID.TIME_STAMPING), private_key(TIME), fixed_dt=when)


def sign(
    pdf: bytes,
    document: Document,
    places: list[Place],
    *,
    issue: Callable[[x509.Name], asn1_x509.Certificate] = certificate,
    timestamped: bool = False,
) -> bytes:
    """The signed PDF: one incremental update a signature."""
    source = random.Random(f"{SEED}: {document.id}")
    given = document.data["stamps"]
    cades = given.get("subfilter") == "cades"
    for index, (place, name, when) in enumerate(steps(document, places), start=1):
        store = SimpleCertificateStore()
        store.register(certificate(ISSUER))
        signer = signers.SimpleSigner(signing_cert=issue(name), signing_key=private_key(name), cert_registry=store)
        field = f"Signature{index}"
        box = tuple(round(value) for value in place.box)
        meta = signers.PdfSignatureMetadata(
            field_name=field,
            md_algorithm=given.get("digest", "sha256"),
            subfilter=SigSeedSubFilter.PADES if cades else SigSeedSubFilter.ADOBE_PKCS7_DETACHED,
            location=given["place"],
            name=name.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value,
        )
        with tempfile.NamedTemporaryFile(suffix=".pdf") as appearance, fixed(source, when):
            appearance.write(stamp(place, document, when))
            appearance.flush()
            style = StaticStampStyle.from_pdf_file(appearance.name, border_width=0, background_layout=FLUSH)
            spec = SigFieldSpec(field, on_page=place.page, box=box)
            clock = time_authority(when) if timestamped else None
            dated = DatedSigner(meta, signer, timestamper=clock, stamp_style=style, new_field_spec=spec)
            dated.when = when
            writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
            pdf = asyncio.run(dated.async_sign_pdf(writer, bytes_reserved=12_000)).getvalue()
    return pdf
