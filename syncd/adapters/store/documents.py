"""What is stored whole as a JSON document, and by which codec.

Field and class names of these types are the stored form: renaming one needs a
migration that rewrites the documents.
"""

from syncd.adapters.store.codec import Codec
from syncd.adapters.store.lead_document import LeadCodec
from syncd.commit import ScanMark
from syncd.domain.action import Action
from syncd.domain.handoff import Handoff
from syncd.domain.mapping import Spellings
from syncd.domain.message import Message, Silence
from syncd.domain.order import Order, SideStatus
from syncd.domain.preview import Preview
from syncd.domain.stage import Transition
from syncd.domain.verdict import Verdict

LEAD = LeadCodec()
TRANSITION: Codec[Transition] = Codec(Transition)
VERDICT: Codec[Verdict] = Codec(Verdict)
HANDOFF: Codec[Handoff] = Codec(Handoff)
ACTION: Codec[Action] = Codec(Action)
ORDER: Codec[Order] = Codec(Order)
SIDE_STATUS: Codec[SideStatus] = Codec(SideStatus)
SCAN_MARK: Codec[ScanMark] = Codec(ScanMark)
SPELLINGS: Codec[Spellings] = Codec(Spellings)
MESSAGE: Codec[Message] = Codec(Message)
SILENCE: Codec[Silence] = Codec(Silence)
PREVIEW: Codec[Preview] = Codec(Preview)
NAMES: Codec[tuple[str, ...]] = Codec(tuple[str, ...])
