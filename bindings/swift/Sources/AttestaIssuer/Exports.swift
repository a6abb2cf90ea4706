// Everything that apps of wallets and desks have, and what the generated module gives to issuers as it is.

@_exported import Attesta
@_exported import struct AttestaFFI.Changed
@_exported import struct AttestaFFI.CopyFor
@_exported import struct AttestaFFI.DidChange
@_exported import struct AttestaFFI.DidEntry
@_exported import struct AttestaFFI.DidFiles
@_exported import struct AttestaFFI.DidState
@_exported import enum AttestaFFI.Holder
@_exported import enum AttestaFFI.KeyBoundTo
@_exported import enum AttestaFFI.LegalCategory
@_exported import enum AttestaFFI.RegisterChange
@_exported import enum AttestaFFI.Scheme
@_exported import struct AttestaFFI.SchemeTerms
@_exported import enum AttestaFFI.StatusListKind
@_exported import struct AttestaFFI.Witnesses
