"IPv4","10.77.0.1","10.77.0.2","0x1aae2be0","AES-GCM with 16 octet ICV [RFC4106]","0x683d8bd9bb78d0a53db52800e04d6d4df7bb6de8","NULL",""
"IPv4","10.77.0.2","10.77.0.1","0xbd9b92c7","AES-GCM with 16 octet ICV [RFC4106]","0xafc642cd89bb79eca32dad68c4c56bd9d5c21d9c","NULL",""
