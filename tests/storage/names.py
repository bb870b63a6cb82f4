"""What files are called, by people and by others."""

ODD = {
    "quotes": 'the "final" version.txt',
    "slashes": "../../etc/passwd",
    "backslashes": "..\\..\\autoexec.bat",
    "line breaks": "a\r\nSet-Cookie: x=1\r\n\r\n<script>.txt",
    "semicolons": "a; filename=evil.exe",
    "percent": "100%41.txt",
    "accents": "Zoë's résumé.txt",
    "right to left": "تقرير שלום.pdf",
    "an override": "invoice\u202excod.exe",
    "emoji": "👩🏽‍🏫 in the 🏫.png",
    "only dots": "..",
    "a lone surrogate": "a\ud800.txt",
    "nothing": "",
    "255 letters": "x" * 251 + ".txt",
    "255 emoji": "😀" * 250 + ".jpeg",
}
