"""Prints the messages of xx.txt with noiseprotocol, an implementation of Noise that shares no code with ours."""
from noise.connection import NoiseConnection, Keypair
h=bytes.fromhex
def side(init):
    n=NoiseConnection.from_name(b'Noise_XX_25519_ChaChaPoly_BLAKE2b')
    (n.set_as_initiator if init else n.set_as_responder)()
    n.set_prologue(h('4a6f686e2047616c74'))
    n.set_keypair_from_private_bytes(Keypair.STATIC,h('e61ef9919cde45dd5f82166404bd08e38bceb5dfdfded0a34c8df7ed542214d1' if init else '4a3acbfdb163dec651dfa3194dece676d437029c62a408b4c5ea9114246e4893'))
    n.set_keypair_from_private_bytes(Keypair.EPHEMERAL,h('893e28b9dc6ca8d611ab664754b8ceb7bac5117349a4439a6b0569da977c464a' if init else 'bbdb4cdbd309f1a1f2e1456967fe288cadd6f712d65dc7b7793d5e63da6b375b'))
    n.start_handshake();return n
a,b=side(True),side(False)
P=['4c756477696720766f6e204d69736573','4d757272617920526f746862617264','462e20412e20486179656b','4361726c204d656e676572','4a65616e2d426170746973746520536179','457567656e2042f6686d20766f6e2042617765726b']
for i,p in enumerate(P):
    s,r=(a,b) if i%2==0 else (b,a)
    if i<3:
        m=s.write_message(h(p)); assert r.read_message(m)==h(p)
    else:
        m=s.encrypt(h(p)); assert r.decrypt(m)==h(p)
    print("message",p,bytes(m).hex())
print('hash',a.get_handshake_hash().hex())
# rekey of each direction, then one message each way
a.rekey_outbound_cipher(); b.rekey_inbound_cipher()
m=a.encrypt(b'after rekey');assert b.decrypt(m)==b'after rekey';print('rekey',m.hex())
