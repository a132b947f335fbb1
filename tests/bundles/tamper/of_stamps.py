"""Time stamps that no trusted authority gave for this checkpoint at that time."""

from __future__ import annotations

from datetime import timedelta

from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.bundles import stories
from tests.bundles.stamps import START, Authority
from tests.bundles.synthetic import Bundle
from tests.bundles.tamper.catalogue import TSA, by
from tests.bundles.tamper.forging import judged_by


@by("administrator", "tsa.chain")
def authority_unknown() -> Bundle:
    """The stamps come from an authority of the same name that nobody trusts."""
    story = stories.visit()
    policy = story.policy
    story.authority = Authority.new()
    return judged_by(story, policy)


@by("administrator", "tsa.chain")
def authority_without_authority() -> Bundle:
    """A certificate that may issue none has issued that of the stamps."""
    story = stories.visit()
    story.authority = Authority.new(root_is_ca=False, name="not an authority")
    return story.build()


@by("administrator", "tsa.validity")
def stamp_after_the_end() -> Bundle:
    """The certificate had expired when it stamped."""
    story = stories.visit()
    story.authority = Authority.new(until=START + timedelta(days=30))
    return story.build()


@by("administrator", "tsa.certificate", TSA)
def certificate_for_everything() -> Bundle:
    """The certificate is for web servers, too."""
    story = stories.visit()
    both = (ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.SERVER_AUTH)
    story.authority = Authority.new(purpose=both)
    return story.build()


@by("administrator", "tsa.certificate", TSA)
def purpose_not_binding() -> Bundle:
    """The certificate's purpose is not marked critical."""
    story = stories.visit()
    story.authority = Authority.new(critical=False)
    return story.build()


@by("administrator", "tsa.certificate")
def certificate_exchanged() -> Bundle:
    """The stamp names another certificate than the one that came along."""
    story = stories.visit()
    story.stamp_faults = {"named": Authority.new().certificate}
    return story.build()


@by("administrator", "tsa.certificate")
def old_certificate_exchanged() -> Bundle:
    """The same in the older spelling, with SHA-1."""
    story = stories.visit()
    story.stamp_faults = {"named": Authority.new().certificate, "ess": 1}
    return story.build()


@by("administrator", "tsa.signature")
def stamp_signed_by_another() -> Bundle:
    """The stamp is signed by another key than that of its certificate."""
    story = stories.visit()
    story.stamp_faults = {"signer": Authority.new().key}
    return story.build()


@by("network", "tsa.signature")
def stamp_backdated() -> Bundle:
    """The time inside the stamp is changed."""
    bundle = stories.visit().build()
    name = bundle.find("token.tsr")
    assert b"20261120" in bundle.files[name]
    bundle.files[name] = bundle.files[name].replace(b"20261120", b"20261020")
    return bundle.remanifest()


@by("network", "tsa.signature", TSA)
def stamp_of_another_kind() -> Bundle:
    """Signed attributes say that it is plain data, no time stamp."""
    story = stories.visit()
    story.stamp_faults = {"content_type": "1.2.840.113549.1.7.1"}
    return story.build()


@by("network", "tsa.token")
def stamp_refused() -> Bundle:
    """The authority had refused to stamp."""
    story = stories.visit()
    story.stamp_faults = {"status": 2}
    return story.build()
