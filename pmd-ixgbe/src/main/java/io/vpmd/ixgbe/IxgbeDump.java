// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.nic.EthtoolDump;
import io.vpmd.spi.hw.nic.NicPort;

import java.util.Set;

/**
 * Registers in the order in which Linux' ixgbe gives them to ethtool. Words 946 to 953 are of the
 * 82598 alone.
 */
final class IxgbeDump {
    private static final int WORDS = 1145;

    private static final String LAYOUT =
            """
            0 00000  1 00008  2 00018  3 00020  4 00028  5 00200  6 00048  7 0004c  8 10010
            9 10014  10 1001c  11 10110  12 10114  13 10118  14 1011c  15 10120  16 1013c
            17 10200
            18 00808  19 00808  20 00880  21 00888  22 00810  23 00890  24 00820  25 00900
            26 00000  27 02000  28 11068  29 00898  30 03008  31 03200:4:4  35 03220:4:8
            43 03260:4:8  51 032a0  52 0ce00
            53 01000:40:64  117 01004:40:64  181 01008:40:64  245 01010:40:64  309 01018:40:64
            373 01028:40:64  437 02100:4:16  453 02200:4:16  469 02f00  470 03c00:4:8  478 03000
            479 03d04
            480 05000  481 05008  482 0a200:8:16  498 0a204:8:16  514 0ea00  515 05080
            516 05088  517 05090  518 0ec80  519 0581c  520 05a80:4:8  528 05aa0:4:8  536 05ac0
            537 06000:40:32  569 06004:40:32  601 06008:40:32  633 06010:40:32  665 06018:40:32
            697 06028:40:32  729 06038:40:32  761 0603c:40:32  793 07e00  794 07200:4:16
            810 0cb00  811 0cc00:4:8  819 0cd10
            820 05800  821 05808  822 05810  823 05838  824 05840  825 05880  826 05900
            827 05a00  828 09000  829 03d00  830 04900  831 0cd00  832 02430  833 02140:4:8
            841 02160:4:8  849 04910:4:8  857 04930:4:8  865 0cd20:4:8  873 0cd40:4:8
            881 CRCERRS  882 ILLERRC  883 ERRBC  884 MSPDC  885 RXMPC[0]  886 RXMPC[1]
            887 RXMPC[2]  888 RXMPC[3]  889 RXMPC[4]  890 RXMPC[5]  891 RXMPC[6]  892 RXMPC[7]
            893 MLFC  894 MRFC  895 RLEC  896 LXONTXC  897 LXONRXCNT  898 LXOFFTXC
            899 LXOFFRXCNT  900 PXONTXC[0]  901 PXONTXC[1]  902 PXONTXC[2]  903 PXONTXC[3]
            904 PXONTXC[4]  905 PXONTXC[5]  906 PXONTXC[6]  907 PXONTXC[7]  908 PXONRXCNT[0]
            909 PXONRXCNT[1]  910 PXONRXCNT[2]  911 PXONRXCNT[3]  912 PXONRXCNT[4]
            913 PXONRXCNT[5]  914 PXONRXCNT[6]  915 PXONRXCNT[7]  916 PXOFFTXC[0]
            917 PXOFFTXC[1]  918 PXOFFTXC[2]  919 PXOFFTXC[3]  920 PXOFFTXC[4]  921 PXOFFTXC[5]
            922 PXOFFTXC[6]  923 PXOFFTXC[7]  924 PXOFFRXCNT[0]  925 PXOFFRXCNT[1]
            926 PXOFFRXCNT[2]  927 PXOFFRXCNT[3]  928 PXOFFRXCNT[4]  929 PXOFFRXCNT[5]
            930 PXOFFRXCNT[6]  931 PXOFFRXCNT[7]  932 PRC64  933 PRC127  934 PRC255  935 PRC511
            936 PRC1023  937 PRC1522  938 GPRC  939 BPRC  940 MPRC  941 GPTC  942 GORC  944 GOTC
            954 RUC  955 RFC  956 ROC  957 RJC  958 MNGPRC  959 MNGPDC  960 MNGPTC  961 TOR
            963 TPR  964 TPT  965 PTC64  966 PTC127  967 PTC255  968 PTC511  969 PTC1023
            970 PTC1522  971 MPTC  972 BPTC  973 XEC  974 QPRC[0]  975 QPRC[1]  976 QPRC[2]
            977 QPRC[3]  978 QPRC[4]  979 QPRC[5]  980 QPRC[6]  981 QPRC[7]  982 QPRC[8]
            983 QPRC[9]  984 QPRC[10]  985 QPRC[11]  986 QPRC[12]  987 QPRC[13]  988 QPRC[14]
            989 QPRC[15]  990 QPTC[0]  991 QPTC[1]  992 QPTC[2]  993 QPTC[3]  994 QPTC[4]
            995 QPTC[5]  996 QPTC[6]  997 QPTC[7]  998 QPTC[8]  999 QPTC[9]  1000 QPTC[10]
            1001 QPTC[11]  1002 QPTC[12]  1003 QPTC[13]  1004 QPTC[14]  1005 QPTC[15]
            1006 QBRC_L[0]  1007 QBRC_L[1]  1008 QBRC_L[2]  1009 QBRC_L[3]  1010 QBRC_L[4]
            1011 QBRC_L[5]  1012 QBRC_L[6]  1013 QBRC_L[7]  1014 QBRC_L[8]  1015 QBRC_L[9]
            1016 QBRC_L[10]  1017 QBRC_L[11]  1018 QBRC_L[12]  1019 QBRC_L[13]  1020 QBRC_L[14]
            1021 QBRC_L[15]  1022 QBTC_L[0]  1023 QBTC_L[1]  1024 QBTC_L[2]  1025 QBTC_L[3]
            1026 QBTC_L[4]  1027 QBTC_L[5]  1028 QBTC_L[6]  1029 QBTC_L[7]  1030 QBTC_L[8]
            1031 QBTC_L[9]  1032 QBTC_L[10]  1033 QBTC_L[11]  1034 QBTC_L[12]  1035 QBTC_L[13]
            1036 QBTC_L[14]  1037 QBTC_L[15]
            1038 04200  1039 04208  1040 0420c  1041 04210  1042 04214  1043 04218  1044 0421c
            1045 04220  1046 04224  1047 04240  1048 04244  1049 04248  1050 0424c  1051 04250
            1052 04254  1053 04258  1054 0425c  1055 04260  1056 04264  1057 04268  1058 0426c
            1059 04288  1060 0428c  1061 04290  1062 04298  1063 0429c  1064 042a0  1065 042a4
            1066 042a8  1067 042ac  1068 042b0  1069 042b4  1070 04800
            1071 02c20  1072 02c00:4:8  1080 02f08  1081 02f10:4:4  1085 02f20  1086 07c20
            1087 07c00:4:8  1095 07f08  1096 07f10:4:4  1100 07f20  1101 0c600  1102 0c610:4:4
            1106 03600  1107 03610:4:4  1111 11090:4:8  1119 050a4  1120 042b8  1121 042c0
            1122 042c4  1123 042c8  1124 042cc  1125 1106c  1126 0c300  1127 03300  1128 04294
            1129 03020  1130 0c800  1131 082e0:4:4  1135 04980  1136 0498c  1137 08b00
            1138 04a90  1139 08800  1140 08804  1141 08808  1142 08810  1143 08d00  1144 08d04
            """;

    private IxgbeDump() {}

    static EthtoolDump of(
            NicPort port,
            Registers regs,
            IxgbeChip.Model model,
            IxgbeCounters counters,
            int revision) {
        int version = model.chip().dumpVersion << 24 | (revision & 0xff) << 16 | model.deviceId();
        // Who reads SWSM, or from the X540 on SW_FW_SYNC, takes it.
        return new EthtoolDump(
                port,
                regs,
                counters,
                IxgbeRegs.TABLE,
                Set.of(IxgbeRegs.SWSM, IxgbeRegs.SW_FW_SYNC),
                new EthtoolDump.Format("ixgbe", version, WORDS, LAYOUT));
    }
}
