"""The certificate that a province's server shows: its own, made here, or one that it is given.

ECDSA without a chain, which a bad line carries two kilobytes sooner; communes pin its fingerprint.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from desk.daily.files import FileRefusedError, read_bounded, write_durable
from desk.province.model import ProvinceError, ProvinceFault
from desk.settings import write_private

if TYPE_CHECKING:
    from cryptography.x509 import GeneralName

KEY, CERTIFICATE = "tls.key", "tls.pem"
_YEARS = timedelta(days=20 * 365)
_DAY = timedelta(days=1)


class ServerCertificate(Struct, frozen=True):
    """Two PEM files, and the SHA-256 of the certificate as communes write it into `certificate`."""

    certificate: Path
    key: Path
    fingerprint: str


def own_certificate(folder: Path, names: Collection[str], now: datetime) -> ServerCertificate:
    """Return the certificate of a province's folder, made if there is none; ProvinceError if it cannot be used."""
    if not (folder / CERTIFICATE).exists():
        _make(folder, names, now)
    return given_certificate(folder / CERTIFICATE, folder / KEY)


def given_certificate(certificate: Path, key: Path) -> ServerCertificate:
    """Return a certificate and its key, looked at; ProvinceError BAD_CERTIFICATE if they cannot be used."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    try:
        digest = x509.load_pem_x509_certificates(read_bounded(certificate))[0].fingerprint(hashes.SHA256()).hex()
        found = ServerCertificate(certificate, key, f"SHA256:{digest}")
        server_context(found)
    except (ValueError, FileRefusedError, OSError) as error:
        raise ProvinceError(ProvinceFault.BAD_CERTIFICATE, str(certificate)) from error
    return found


def server_context(found: ServerCertificate) -> ssl.SSLContext:
    """Return a server's TLS settings; OSError for files that cannot be used.

    No session tickets: every delivery takes a fresh connection, and two tickets are half a kilobyte of a bad line.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.num_tickets = 0
    # Without a callback OpenSSL would ask for a passphrase at the terminal, and a service would wait for ever.
    context.load_cert_chain(found.certificate, found.key, password="")
    return context


def _make(folder: Path, names: Collection[str], now: datetime) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "motcua-province")])
    known = dict.fromkeys((*names, socket.gethostname(), "localhost", "127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(own)
        .issuer_name(own)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _DAY)
        .not_valid_after(now + _YEARS)
        .add_extension(x509.SubjectAlternativeName([_name(each) for each in known if _is_name(each)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    write_private(folder / KEY, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    write_durable(folder, CERTIFICATE, made.public_bytes(Encoding.PEM))


def _is_name(name: str) -> bool:
    return bool(name) and name.isascii()


def _name(name: str) -> GeneralName:
    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
