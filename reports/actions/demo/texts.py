"""What the invented cadres write: short lines about no person, by the code of the duty."""

NOTES = {
    "NAM-1": ["Chi bộ họp đúng lệ, bàn đủ nội dung chuyên đề.", "Chi bộ phân công lại việc phụ trách tổ."],
    "NAM-2": ["Các tổ nhân dân tự quản họp đều, Mặt trận ấp ghi sổ đủ.", "Chi hội Nông dân nhận thêm hai mô hình."],
    "NAM-4": ["Bà con mong sớm có nước ngọt vào mùa hạn mặn.", "Nhiều ý kiến hỏi về lịch nạo vét kênh nội đồng."],
    "GOP-1": ["Góp ý cụ thể hóa chỉ tiêu trồng cây phân tán.", "Góp ý đưa chỉ tiêu nước sạch vào nghị quyết quý."],
    "GOP-2": ["Gợi ý chia việc vận động theo từng tổ.", "Gợi ý họp tổ vào tối thứ bảy để đông người hơn."],
    "GOP-3": ["Góp ý chuẩn bị nội dung trước ba ngày.", "Góp ý chọn một chuyên đề mỗi quý."],
    "GOP-4": ["Kết nối đơn vị hỗ trợ đèn đường cho tuyến liên tổ.", "Vận động thêm vật tư sửa cầu nội ấp."],
    "KIEM-1": ["Xem tiến độ tuyến đường liên tổ, đạt khoảng hai phần ba.", "Chỉ tiêu sáu tháng đạt kế hoạch."],
    "KIEM-2": ["Sổ nghị quyết ghi đủ, có phân công người theo dõi.", "Chi bộ giữ nề nếp sinh hoạt ngày 3 đến ngày 10."],
    "KIEM-3": ["Việc đèn đường kiến nghị quý trước đã làm xong.", "Còn một kiến nghị về thoát nước đang chờ trả lời."],
}  # fmt: skip
PROMISES = [
    "Hỏi lại cơ quan chuyên môn và báo chi bộ kỳ họp sau.", "Gửi bản hướng dẫn thủ tục cho tổ.",
    "Cùng ấp khảo sát tuyến thoát nước.", "Liên hệ điện lực về đường dây thấp.",
]  # fmt: skip
CONTRIBUTIONS = [
    ("Sửa đường liên tổ", 12_000_000, None, 24), ("Dọn kênh nội đồng", None, 36, 30),
    ("Đèn đường nông thôn", 8_500_000, None, 20), ("Sửa cầu nội ấp", 15_000_000, 22, 26),
]  # fmt: skip

# (topic, what has to be solved)
REQUESTS = [
    ("roads", "Mặt đường liên tổ bị lún một đoạn khoảng 40 mét, mùa mưa xe khó qua."),
    ("power", "Đường dây điện sau nhà văn hóa ấp sà thấp, cần kéo lại cho an toàn."),
    ("water", "Cuối tuyến ống nước máy yếu vào giờ cao điểm, đề nghị kiểm tra áp lực."),
    ("environment", "Điểm tập kết rác đầu ấp đầy vào cuối tuần, đề nghị thu gom thêm một chuyến."),
    ("roads", "Cầu bê tông nội ấp gãy lan can, cần làm lại trước năm học mới."),
    ("work", "Tổ đề nghị hướng dẫn thủ tục vay vốn cho hộ trồng dừa hữu cơ."),
    ("policy", "Đề nghị giải thích cách tính mức hỗ trợ chuyển đổi cây trồng."),
    ("papers", "Người dân hỏi nơi nộp hồ sơ đất đai sau khi sắp xếp đơn vị hành chính."),
    ("health", "Đề nghị tổ chức một buổi hướng dẫn dùng thẻ bảo hiểm y tế trên điện thoại."),
    ("environment", "Kênh thoát nước phía sau chợ ấp bị bồi lắng, nước đọng sau mưa."),
    ("school", "Đề nghị gắn biển hạn chế tốc độ ở đoạn đường trước điểm trường."),
    ("safety", "Đoạn đường cong thiếu đèn chiếu sáng, đề nghị gắn thêm hai bóng."),
    ("land", "Đề nghị cắm lại mốc hành lang kênh để các tổ trồng cây đúng chỗ."),
]  # fmt: skip
ANSWERS = {
    "solved": "Đơn vị đã khảo sát và làm xong, đề nghị ấp cùng kiểm tra tại chỗ.",
    "being_solved": "Đã đưa vào kế hoạch, đang chuẩn bị vật tư để làm.",
    "explained": "Việc này thực hiện theo hướng dẫn hiện hành; xin gửi kèm các bước cần làm.",
    "not_solved": "Chưa có nguồn trong năm nay; sẽ xem lại khi lập kế hoạch năm sau.",
}
REASON_FOR_RETURN = "Đề nghị ghi rõ vị trí và chiều dài đoạn cần sửa."
REASON_FOR_REOPENING = "Sau mưa lớn lại đọng nước, đề nghị xử lý tiếp."
REMINDER_LETTERS = ["12/CV-ĐU (mẫu)", "19/CV-ĐU (mẫu)"]
ANSWER_TO_BOTH = "Đã đưa tuyến kênh vào đợt nạo vét tới, làm chung cho hai ấp."
BEYOND_COMPETENCE = "Cầu giáp ranh hai xã, vượt thẩm quyền và nguồn vốn của xã; xin ý kiến chỉ đạo."
REASON_FOR_WITHDRAWAL = "Tổ đã tự làm xong, không cần kiến nghị nữa."
